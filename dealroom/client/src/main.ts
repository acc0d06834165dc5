// The room's script: the page is locked until its reader unlocks it.

document.documentElement.dataset["state"] = "locked";
