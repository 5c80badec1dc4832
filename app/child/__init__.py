"""Child processes: everything that may crash, hang or eat memory runs in one and can be killed."""
