// SPDX-License-Identifier: Apache-2.0
package io.kaon.common;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Waits for several results. */
public final class Gather {
    private Gather() {}

    /** All results in the order of their stages, once the last one is there; fails when one fails. */
    public static <T> CompletionStage<List<T>> all(List<CompletionStage<T>> stages) {
        List<CompletableFuture<T>> futures = new ArrayList<>(stages.size());
        for (CompletionStage<T> stage : stages) {
            futures.add(stage.toCompletableFuture());
        }
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    List<T> results = new ArrayList<>(futures.size());
                    for (CompletableFuture<T> future : futures) {
                        results.add(future.join());
                    }
                    return results;
                });
    }

    /** Asks for each, answers with all in the same order; fails when one fails. */
    public static <I, O> CompletionStage<List<O>> forEach(
            Collection<I> items, Function<I, ? extends CompletionStage<O>> question) {
        List<CompletionStage<O>> answers = new ArrayList<>(items.size());
        for (I item : items) {
            answers.add(question.apply(item));
        }
        return all(answers);
    }
}
