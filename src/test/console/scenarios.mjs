// SPDX-License-Identifier: Apache-2.0
// Runs scenarios in a browser, one after another, and says of each whether it passed.
import {chromium} from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const PATIENCE_MS = Number(process.env.KAON_PATIENCE_MS ?? 15_000);

/**
 * @param {string} address where the application is; nothing else may be asked for anything
 * @param {[string, (page: import('playwright-core').Page) => Promise<void>][]} scenarios
 */
export async function run(address, scenarios, {user} = {}) {
    const browser = await chromium.launch({executablePath: '/usr/bin/chromium', args: FLAGS});
    const context = await browser.newContext({viewport: {width: 1360, height: 860}, httpCredentials: user});
    context.setDefaultTimeout(PATIENCE_MS);
    const strange = [];
    context.on('request', request => {
        const url = new URL(request.url());
        if (['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol) && url.host !== new URL(address).host) {
            strange.push(`a request left the host: ${url.href}`);
        }
    });
    for (const [name, scenario] of scenarios) {
        strange.length = 0;
        const page = await context.newPage();
        page.on('pageerror', error => strange.push(`an error in the page: ${error.message}`));
        page.on('dialog', dialog => {
            strange.push(`markup of a record ran: ${dialog.message()}`);
            dialog.dismiss();
        });
        try {
            await scenario(page);
            if (strange.length > 0) {
                throw new Error(strange.join('; '));
            }
            console.log(`passed: ${name}`);
        } catch (failure) {
            console.log(`failed: ${name}`);
            console.log(`    at ${page.url()}\n    ${failure.message.split('\n').slice(0, 12).join('\n    ')}`);
            if (process.env.KAON_SCREENSHOTS) {
                await page.screenshot({path: `${process.env.KAON_SCREENSHOTS}/failed-${name.replace(/\W+/g, '-')}.png`});
            }
        }
        await page.close();
    }
    await browser.close();
}

export function expect(holds, what) {
    if (!holds) {
        throw new Error(`expected ${what}`);
    }
}
