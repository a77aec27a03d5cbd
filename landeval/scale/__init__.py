"""The same pipeline over many administrative units: one unit a task, then reductions over the units' parts."""
