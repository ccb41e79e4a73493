// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

/** A handler's way out with a problem document. Has no stack trace: it is an answer. */
public final class ProblemException extends RuntimeException {
    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    /** What is answered. */
    public Problem problem() {
        return problem;
    }
}
