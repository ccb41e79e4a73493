// SPDX-License-Identifier: Apache-2.0
/**
 * The transaction coordinator on the partitions of {@code __transaction_state}: who a transactional id belongs to, what
 * its transaction has touched, and how it ends (KIP-98, KIP-360, KIP-588, KIP-664, KIP-890).
 */
package io.kaon.coordinator.transaction;
