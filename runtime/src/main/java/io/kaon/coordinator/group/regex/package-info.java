// SPDX-License-Identifier: Apache-2.0
/**
 * Subscriptions by regular expression (KIP-848): the syntax is RE2's, whose matching takes time linear in the topic's
 * name, the size of an expression is bounded, and what it stands for is looked up when topics come and go. Nothing here
 * knows groups.
 */
package io.kaon.coordinator.group.regex;
