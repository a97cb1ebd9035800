"""Programs that run in a child process on hostile bytes; `services.children` starts them, nothing imports them."""
