// The room's script on a host: opens the page beside which the room's objects lie.

import { App } from "./app";
import { Device } from "./device";
import { webHost } from "./host";

new App(webHost(location.href.replace(/#.*/s, "")), Device.open()).start();
