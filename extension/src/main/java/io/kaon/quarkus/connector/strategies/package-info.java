// SPDX-License-Identifier: Apache-2.0
/**
 * What becomes of a record when the application has acknowledged or refused it: commits, dead letters, retries. On
 * channels of either broker. What the application has of a partition is kept under one lock for each partition, as
 * acknowledgements come on any thread; what is committed is decided on the thread that polls.
 */
package io.kaon.quarkus.connector.strategies;
