// SPDX-License-Identifier: Apache-2.0
/**
 * Questions and orders to a broker in this JVM, as records and stages: what REST and the console show and do. A refusal
 * of the broker is an {@link io.kaon.admin.AdminException}.
 */
package io.kaon.admin;
