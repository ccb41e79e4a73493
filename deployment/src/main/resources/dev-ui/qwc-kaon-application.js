// SPDX-License-Identifier: Apache-2.0
import {definePage} from './qwc-kaon-page.js';

await definePage('application');
