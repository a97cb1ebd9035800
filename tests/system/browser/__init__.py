"""The product as people see it: started like `make run`, driven in headless Chromium by the demo's people."""
