// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import java.util.List;

/** Operations that belong together. A CDI bean of this type adds its operations to the API and to its document. */
public interface OperationGroup {
    /** The operations; asked once. */
    List<Operation> operations();
}
