"""Word documents: the house's document, papers of plain blocks, and the processes that write them."""
