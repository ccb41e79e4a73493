// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.quarkus.builder.item.EmptyBuildItem;

/** The broker runs, or it is known that it does not: a build step that consumes this records what comes after. */
public final class BrokerStartBuildItem extends EmptyBuildItem {}
