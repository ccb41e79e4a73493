// SPDX-License-Identifier: Apache-2.0
// The one look of all pages. Colours come from --k-… properties: kaon.css sets them for the page /kaon, tokens() for Dev UI.
import {css} from 'lit';

/** In Dev UI: its own colours, so that light and dark follow its switch. */
export const devUiTokens = css`
    :host {
        --k-bg: var(--lumo-base-color);
        --k-surface: var(--lumo-base-color);
        --k-sunken: color-mix(in srgb, var(--lumo-base-color), var(--lumo-contrast) 6%);
        --k-hover: var(--lumo-contrast-5pct);
        --k-line: var(--lumo-contrast-10pct);
        --k-line-strong: var(--lumo-contrast-20pct);
        --k-text: var(--lumo-body-text-color);
        --k-muted: var(--lumo-secondary-text-color);
        --k-accent: var(--lumo-primary-text-color);
        --k-accent-fill: var(--lumo-primary-color);
        --k-on-accent: var(--lumo-primary-contrast-color);
        --k-accent-soft: color-mix(in srgb, var(--lumo-base-color), var(--lumo-primary-color) 12%);
        --k-good: var(--lumo-success-text-color);
        --k-good-soft: var(--lumo-success-color-10pct);
        --k-warn: var(--lumo-warning-text-color, #8a5a00);
        --k-warn-soft: var(--lumo-warning-color-10pct, rgba(255, 180, 0, 0.12));
        --k-bad: var(--lumo-error-text-color);
        --k-bad-fill: var(--lumo-error-color);
        --k-bad-soft: var(--lumo-error-color-10pct);
        --k-shadow: var(--lumo-box-shadow-m);
        --k-font: var(--lumo-font-family);
    }
`;

export const shared = css`
    :host {
        --k-radius: 8px;
        --k-mono: ui-monospace, 'JetBrains Mono', 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace;
        display: block;
        box-sizing: border-box;
        color: var(--k-text);
        font: 14px/1.5 var(--k-font, system-ui, sans-serif);
    }
    [hidden], :host([hidden]) { display: none !important; }
    *, *::before, *::after { box-sizing: border-box; }

    h1, h2, h3, p, ul, dl, dd, figure, fieldset { margin: 0; padding: 0; border: 0; }
    ul { list-style: none; }
    h1 { font-size: 22px; font-weight: 620; letter-spacing: -0.015em; line-height: 1.25; overflow-wrap: anywhere; }
    h2 { font-size: 15px; font-weight: 620; letter-spacing: -0.005em; }
    h3 { font-size: 12px; font-weight: 600; color: var(--k-muted); }
    a { color: var(--k-accent); text-decoration: none; }
    a:hover { text-decoration: underline; text-underline-offset: 3px; }
    code, .mono { font-family: var(--k-mono); font-size: 12.5px; font-variant-ligatures: none; }
    .muted { color: var(--k-muted); }
    .bad { color: var(--k-bad); }
    .good { color: var(--k-good); }
    .warn { color: var(--k-warn); }
    .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .nowrap { white-space: nowrap; }
    .grow { flex: 1; min-width: 0; }
    .row { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; }
    .stack { display: grid; gap: 12px; }
    .spread { justify-content: space-between; }
    .hidden-label {
        position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
    }
    svg.icon { width: 16px; height: 16px; flex: none; display: block; }

    a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, textarea:focus-visible,
    summary:focus-visible, [tabindex]:focus-visible {
        outline: 2px solid var(--k-accent-fill);
        outline-offset: 1px;
        border-radius: 6px;
    }

    /* Head of a page: what it is, what can be done. */
    .head { display: flex; align-items: flex-start; gap: 16px; margin-bottom: 18px; flex-wrap: wrap; }
    .head .titles { flex: 1; min-width: 240px; }
    .head .crumb { font-size: 13px; color: var(--k-muted); margin-bottom: 2px; }
    .head .sub { color: var(--k-muted); margin-top: 2px; }
    .facts { display: flex; gap: 6px 22px; flex-wrap: wrap; margin-top: 8px; color: var(--k-muted); font-size: 13px; }
    .facts b { color: var(--k-text); font-weight: 560; font-variant-numeric: tabular-nums; }

    button, .button {
        display: inline-flex; align-items: center; justify-content: center; gap: 6px;
        height: 32px; padding: 0 12px; border-radius: 7px;
        border: 1px solid var(--k-line-strong); background: var(--k-surface); color: var(--k-text);
        font: inherit; font-weight: 520; font-size: 13px; white-space: nowrap; cursor: pointer; text-decoration: none;
        transition: background-color 90ms, border-color 90ms;
    }
    button:hover:not(:disabled), .button:hover { background: var(--k-hover); text-decoration: none; }
    button:disabled { opacity: 0.5; cursor: default; }
    button.primary { background: var(--k-accent-fill); border-color: transparent; color: var(--k-on-accent); }
    button.primary:hover:not(:disabled) { filter: brightness(1.08); background: var(--k-accent-fill); }
    button.danger { color: var(--k-bad); }
    button.danger.primary { background: var(--k-bad-fill); color: #fff; }
    button.quiet { border-color: transparent; background: transparent; color: var(--k-muted); }
    button.quiet:hover:not(:disabled) { color: var(--k-text); background: var(--k-hover); }
    button.small { height: 26px; padding: 0 8px; font-size: 12px; }
    button.square { width: 32px; padding: 0; }
    button.small.square { width: 26px; }

    input, select, textarea {
        height: 32px; padding: 0 10px; border-radius: 7px; border: 1px solid var(--k-line-strong);
        background: var(--k-surface); color: var(--k-text); font: inherit; font-size: 13px; min-width: 0;
    }
    textarea {
        height: auto; padding: 8px 10px; font-family: var(--k-mono); font-size: 12.5px; line-height: 1.5; resize: vertical;
    }
    select { padding-right: 6px; }
    input::placeholder, textarea::placeholder { color: var(--k-muted); opacity: 0.85; }
    input[aria-invalid='true'], textarea[aria-invalid='true'], select[aria-invalid='true'] { border-color: var(--k-bad); }
    input[type='checkbox'], input[type='radio'] {
        width: 15px; height: 15px; margin: 0; accent-color: var(--k-accent-fill); flex: none;
    }
    label.check { display: inline-flex; gap: 7px; align-items: center; font-size: 13px; cursor: pointer; }
    .searchbox { position: relative; display: flex; align-items: center; }
    .searchbox svg { position: absolute; left: 9px; color: var(--k-muted); pointer-events: none; }
    .searchbox input { padding-left: 31px; width: 100%; }
    .toolbar { display: flex; gap: 10px; align-items: center; flex-wrap: wrap; margin-bottom: 12px; }
    .toolbar .searchbox { width: min(320px, 100%); }

    .field { display: grid; gap: 4px; align-content: start; }
    .field label, .field .label { font-size: 12.5px; font-weight: 560; }
    .field .hint { font-size: 12px; color: var(--k-muted); }
    .field .wrong { font-size: 12px; color: var(--k-bad); }
    .fields { display: grid; gap: 14px; }
    .fields.two { grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); }

    .segments { display: inline-flex; justify-self: start; padding: 2px; gap: 2px; border-radius: 8px; background: var(--k-sunken); }
    .segments button {
        height: 28px; border: 0; background: transparent; color: var(--k-muted); padding: 0 10px; border-radius: 6px;
    }
    .segments button:hover:not(:disabled) { color: var(--k-text); }
    .segments button[aria-pressed='true'], .segments button[aria-selected='true'] {
        background: var(--k-surface); color: var(--k-text); box-shadow: 0 1px 2px rgba(0, 0, 0, 0.14);
    }
    .segments.small button { height: 22px; font-size: 12px; padding: 0 8px; }

    .tabs { display: flex; gap: 4px; border-bottom: 1px solid var(--k-line); margin-bottom: 16px; overflow-x: auto; }
    .tabs a {
        padding: 8px 12px; color: var(--k-muted); font-weight: 520; font-size: 13.5px; border-bottom: 2px solid transparent;
        margin-bottom: -1px; white-space: nowrap;
    }
    .tabs a:hover { color: var(--k-text); text-decoration: none; }
    .tabs a[aria-current='page'] { color: var(--k-text); border-bottom-color: var(--k-accent-fill); }

    .panel { background: var(--k-surface); border: 1px solid var(--k-line); border-radius: 10px; overflow: hidden; }
    .panel.padded { padding: 16px; }
    .scroll { overflow-x: auto; }
    table { width: 100%; border-collapse: collapse; font-size: 13.5px; }
    th {
        text-align: left; font-size: 12px; font-weight: 560; color: var(--k-muted); padding: 9px 14px; white-space: nowrap;
        border-bottom: 1px solid var(--k-line);
    }
    th.number { text-align: right; }
    td { padding: 9px 14px; border-bottom: 1px solid var(--k-line); vertical-align: middle; }
    tbody tr:last-child td { border-bottom: 0; }
    tbody tr:hover td { background: var(--k-hover); }
    td .name, td a.name { font-weight: 540; overflow-wrap: anywhere; }
    .foot {
        display: flex; align-items: center; gap: 10px; padding: 8px 14px; border-top: 1px solid var(--k-line);
        color: var(--k-muted); font-size: 12.5px; min-height: 44px; flex-wrap: wrap;
    }

    .badge {
        display: inline-flex; align-items: center; gap: 6px; padding: 1px 8px; border-radius: 99px; font-size: 12px;
        font-weight: 540; background: var(--k-sunken); color: var(--k-muted); white-space: nowrap;
    }
    .badge.good { background: var(--k-good-soft); color: var(--k-good); }
    .badge.warn { background: var(--k-warn-soft); color: var(--k-warn); }
    .badge.bad { background: var(--k-bad-soft); color: var(--k-bad); }
    .badge.accent { background: var(--k-accent-soft); color: var(--k-accent); }
    .badge .dot { width: 6px; height: 6px; border-radius: 50%; background: currentColor; }

    .empty { display: grid; justify-items: center; gap: 8px; padding: 52px 24px; text-align: center; color: var(--k-muted); }
    .empty svg.icon { width: 30px; height: 30px; color: var(--k-muted); opacity: 0.75; stroke-width: 1.4; }
    .empty h2 { color: var(--k-text); }
    .empty p { max-width: 54ch; }
    .empty .row { margin-top: 8px; justify-content: center; }

    .trouble {
        display: flex; gap: 10px; align-items: flex-start; padding: 10px 14px; border-radius: 8px; margin-bottom: 12px;
        background: var(--k-bad-soft); color: var(--k-bad); font-size: 13.5px;
    }
    .trouble .grow { overflow-wrap: anywhere; }
    .trouble svg.icon { margin-top: 2px; }
    .note { background: var(--k-warn-soft); color: var(--k-warn); }

    .waiting { padding: 18px 14px; display: grid; gap: 14px; }
    .waiting span { height: 10px; border-radius: 5px; background: var(--k-sunken); }
    .waiting span:nth-child(1) { width: 55%; }
    .waiting span:nth-child(2) { width: 80%; }
    .waiting span:nth-child(3) { width: 38%; }
    @media (prefers-reduced-motion: no-preference) {
        .waiting span { animation: breathe 1.4s ease-in-out infinite; }
        @keyframes breathe { 50% { opacity: 0.45; } }
    }

    dl.pairs { display: grid; grid-template-columns: max-content 1fr; gap: 6px 18px; font-size: 13.5px; }
    dl.pairs dt { color: var(--k-muted); }
    dl.pairs dd { overflow-wrap: anywhere; }

    .j-key { color: var(--k-code-key, var(--k-accent)); }
    .j-string { color: var(--k-code-string, var(--k-good)); }
    .j-number { color: var(--k-code-number, var(--k-warn)); }
    .j-word { color: var(--k-code-word, var(--k-bad)); }
    .j-mark { color: var(--k-muted); }
`;
