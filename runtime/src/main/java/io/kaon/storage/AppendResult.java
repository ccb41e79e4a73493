// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

/** What became of an append. */
public sealed interface AppendResult permits Appended, Rejected {}
