// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

/**
 * Whether a record set may be appended: {@link ValidBatches}, or {@link InvalidBatches} with the answer for the
 * client.
 */
public sealed interface ValidationOutcome permits ValidBatches, InvalidBatches {}
