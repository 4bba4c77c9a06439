"""Who is named where in a text: names in every form they take, found word by word."""
