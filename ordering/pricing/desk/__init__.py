"""Price management on the head office's desk: the grid of articles by lists, changes of drafts, comparisons, who is affected."""
