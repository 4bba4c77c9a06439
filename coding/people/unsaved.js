// Tells how many entries of the desk wait in this browser. Looks only: a database that is not there is not made.
const place = document.getElementById("unsaved");
const asked = indexedDB.open("evenhand");
asked.onupgradeneeded = () => asked.transaction.abort();
asked.onerror = (event) => event.preventDefault();
asked.onsuccess = () => {
  const held = asked.result;
  if (!held.objectStoreNames.contains("outbox")) return held.close();
  const counted = held.transaction("outbox").objectStore("outbox").count();
  counted.onsuccess = () => {
    held.close();
    if (!counted.result) return;
    place.textContent = place.dataset.words.replace("#", counted.result);
    place.hidden = false;
  };
};
