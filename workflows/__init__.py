"""The flows that are shipped: the regency's here, an office's own in a folder named by its code."""
