// SPDX-License-Identifier: Apache-2.0
// The page /kaon: the interface is its neighbour.
import {applyTheme} from './theme.js';
import './kaon-console.js';

applyTheme();
