// SPDX-License-Identifier: Apache-2.0
// The pages of the console in Dev UI. Argument: the address of the application.
import {expect, run} from './scenarios.mjs';

const address = process.argv[2];

async function openPage(page, name) {
    await page.goto(`${address}q/dev-ui/extensions`);
    await page.getByText(name, {exact: true}).first().click();
}

await run(address, [
    ['should show the topics in Dev UI', async page => {
        await page.goto(`${address}q/dev-ui/extensions`);
        await page.locator('a[href*="kaon"]', {hasText: 'Topics'}).first().click();
        await page.locator('kaon-topics').getByRole('link', {name: 'orders', exact: true}).click();
        await page.locator('kaon-records').getByRole('button', {name: /^Record/}).first().waitFor();
        expect(page.url().includes('#topics/orders'), `the place in the address: ${page.url()}`);
        await page.goBack();
        await page.locator('kaon-topics').getByRole('link', {name: 'orders', exact: true}).waitFor();
    }],
    ['should show the map of the application in Dev UI', async page => {
        await openPage(page, 'Application');
        await page.locator('kaon-map').getByRole('button', {name: /^Incoming channel bills-in/}).waitFor();
    }],
]);
