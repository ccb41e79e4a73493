// SPDX-License-Identifier: Apache-2.0
// Light or dark on the page /kaon: as the system has it, unless the reader chose.

const KEY = 'kaon.theme';

export function isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === 'dark' : window.matchMedia('(prefers-color-scheme: dark)').matches;
}

export function applyTheme(theme = read()) {
    if (theme === 'light' || theme === 'dark') {
        document.documentElement.dataset.theme = theme;
    }
}

export function toggleTheme() {
    const theme = isDark() ? 'light' : 'dark';
    applyTheme(theme);
    try {
        window.localStorage.setItem(KEY, theme);
    } catch {
        // A browser that keeps nothing: the choice lasts as long as the page.
    }
}

function read() {
    try {
        return window.localStorage.getItem(KEY);
    } catch {
        return null;
    }
}
