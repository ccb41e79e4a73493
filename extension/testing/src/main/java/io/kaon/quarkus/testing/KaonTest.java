// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.testing;

import io.kaon.testing.Reset;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a class with {@code @QuarkusTest} or {@code @QuarkusIntegrationTest} the test client, resets and faults, with the
 * broker that the application uses. The order of the annotations does not matter; classes nested in it have it, too.
 *
 * <p>Fields and parameters of test methods of the types {@link io.kaon.testing.KaonClient} and
 * {@link io.kaon.testing.Faults} are filled before each test, ahead of {@code @BeforeEach}; with {@code @QuarkusTest}
 * {@code @Inject} works as well. Faults are cleared after each test.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(KaonTestExtension.class)
public @interface KaonTest {
    /** What is undone. The application runs on: its channels read what is written afterwards. */
    Reset reset() default Reset.NONE;

    /** When. */
    When before() default When.EACH_METHOD;

    /** When a reset happens. */
    enum When {
        /** Before each test method. */
        EACH_METHOD,
        /** Before the first test method of the class. */
        EACH_CLASS
    }
}
