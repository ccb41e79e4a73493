// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench.coordination;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;

/**
 * {@code GroupRebalance HOST:PORT LABEL classic|cooperative|consumer [MEMBERS [PARTITIONS [TIMES [HEARTBEAT_MS]]]]}:
 * how long a group takes from the moment that one more member subscribes, or one closes, until each partition has
 * exactly one owner again and the partitions are spread evenly. All members are in this process.
 *
 * <p>Members learn of a rebalance by a heartbeat. Its interval is a setting of the client in the classic protocols; in
 * {@code consumer} it is the broker's {@code group.consumer.heartbeat.interval.ms}, which should be the same.
 */
public final class GroupRebalance {
    private static final int MEMBERS = 100;
    private static final int PARTITIONS = 1_000;
    private static final int TIMES = 7;
    private static final int HEARTBEAT_MS = 500;
    private static final long REST_MS = 2_000;

    private final Target target;
    private final String protocol;
    private final int heartbeatMs;
    private final Assignments assignments;
    private final String topic;
    private final Deque<Member> members = new ArrayDeque<>();

    private GroupRebalance(Target target, String protocol, int partitions, int heartbeatMs) {
        this.target = target;
        this.protocol = protocol;
        this.heartbeatMs = heartbeatMs;
        this.assignments = new Assignments(partitions);
        this.topic = target.named("rebalance");
        target.createTopic(topic, partitions);
    }

    public static void main(String[] arguments) {
        Target target = Target.of(arguments[0], arguments[1]);
        int count = number(arguments, 3, MEMBERS);
        int partitions = number(arguments, 4, PARTITIONS);
        int times = number(arguments, 5, TIMES);
        GroupRebalance bench = new GroupRebalance(target, arguments[2], partitions, number(arguments, 6, HEARTBEAT_MS));
        String what = count + " members, " + partitions + " partitions, " + bench.protocol + ": ms";
        Figure.of(target.label(), "group formed, " + what, bench.form(count)).print();
        double[] joined = new double[times];
        double[] left = new double[times];
        for (int time = 0; time < times; time++) {
            Target.pause(REST_MS);
            joined[time] = bench.join(count + 1);
            Target.pause(REST_MS);
            left[time] = bench.leave(count);
        }
        bench.members.forEach(Member::stop);
        Figure.of(target.label(), "one more joined, " + what, joined).print();
        Figure.of(target.label(), "one left, " + what, left).print();
        System.exit(0); // A hundred members that leave one by one would each start a rebalance.
    }

    private static int number(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private double form(int count) {
        for (int index = 0; index < count; index++) {
            make();
        }
        long startNs = System.nanoTime();
        members.forEach(Member::start);
        assignments.awaitEven(count);
        return Target.msSince(startNs);
    }

    private double join(int count) {
        Member member = make();
        long startNs = System.nanoTime();
        member.start();
        assignments.awaitEven(count);
        return Target.msSince(startNs);
    }

    private double leave(int count) {
        Member last = members.removeLast();
        long startNs = System.nanoTime();
        last.stop();
        assignments.awaitEven(count);
        return Target.msSince(startNs);
    }

    private Member make() {
        Member member = new Member(target.consumer(settings()), topic, assignments);
        members.add(member);
        return member;
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("group.id", target.named("rebalance"));
        settings.put("auto.offset.reset", "earliest");
        if (protocol.equals("consumer")) {
            settings.put("group.protocol", "consumer");
            return settings;
        }
        settings.put("heartbeat.interval.ms", heartbeatMs);
        if (protocol.equals("cooperative")) {
            settings.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        }
        return settings;
    }
}
