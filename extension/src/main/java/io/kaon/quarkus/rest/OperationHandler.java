// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import java.util.concurrent.CompletionStage;

/** Does what an operation is for. */
@FunctionalInterface
public interface OperationHandler {
    /**
     * Called on a worker of the API, with a request that was checked against the operation. It must not block for long;
     * what it waits for, it gives back as a stage.
     *
     * @return the answer, or a failure: {@link ProblemException} and {@link io.kaon.admin.AdminException} become the
     *     problem that they tell, anything else a status 500. Throwing does the same
     */
    CompletionStage<Answer> handle(Call call);
}
