// SPDX-License-Identifier: Apache-2.0
// What the pages can do beyond HTML. All of them work without it.
'use strict';

document.documentElement.classList.add('scripted');
