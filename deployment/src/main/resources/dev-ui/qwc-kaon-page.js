// SPDX-License-Identifier: Apache-2.0
// A page of the console within Dev UI.
import {LitElement, html} from 'lit';
import {restBase} from 'build-time-data';
import {api} from './kaon-console/api.js';

api.base = restBase;

/** Defines the element of a page: it shows one section of the console. */
export async function definePage(section) {
    await import('./kaon-console/kaon-console.js');
    customElements.define(`qwc-kaon-${section}`, class extends LitElement {
        render() {
            return html`<kaon-console section=${section}></kaon-console>`;
        }
    });
}
