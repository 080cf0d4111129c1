// SPDX-License-Identifier: Apache-2.0
// Runs in the page's own world before the page's scripts: only what cannot be done from outside. It decides nothing, knows
// no rules, and is believed in nothing but its questions; what it misses, the browser's own request events stop (worker).
import { waitForDoor } from "./door";
import { hookFetch } from "./fetch";
import { hookClipboard } from "./clipboard";
import { closeSideDoors, hookBeacon, hookForms, hookPickers, noteVoice } from "./rest";
import { hookSockets } from "./socket";
import { hookXhr } from "./xhr";

waitForDoor();
hookFetch();
hookXhr();
hookSockets();
hookBeacon();
hookForms();
hookPickers();
hookClipboard();
noteVoice();
closeSideDoors();
