"""Pages of the record: what people enter, import and correct."""
