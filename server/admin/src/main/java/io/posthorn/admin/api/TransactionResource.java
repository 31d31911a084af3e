package io.posthorn.admin.api;

import io.posthorn.admin.model.Outcome;
import io.posthorn.admin.model.Page;
import io.posthorn.admin.model.TransactionItem;
import io.posthorn.broker.admin.BranchLine;
import io.posthorn.gateway.agent.AdminLink;
import io.posthorn.wire.frame.BranchId;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Prepared XA branches. Who decides one decides about messages anywhere, so it takes the server as a whole. */
final class TransactionResource {

    private final AdminLink link;

    TransactionResource(AdminLink link) {
        this.link = link;
    }

    Page<TransactionItem> list(Call call) throws Problem {
        call.checkServer();
        List<BranchLine> lines =
                Answers.await(link.ask(admin -> admin.inventory().branches()));
        return new Page<>(
                lines.size(),
                lines.stream()
                        .limit(Names.LIMIT_MAX)
                        .map(TransactionResource::item)
                        .toList(),
                null);
    }

    private static TransactionItem item(BranchLine line) {
        return new TransactionItem(
                line.id(),
                line.state().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                line.preparedAtMs() == 0
                        ? null
                        : Instant.ofEpochMilli(line.preparedAtMs()).toString(),
                line.sends(),
                line.bytes(),
                line.acknowledges());
    }

    Outcome resolve(Call call, boolean commit) throws Problem {
        call.checkServer();
        BranchId id = id(call.name());
        Answers.await(link.order(admin -> admin.changes().resolve(id, commit)));
        return Outcome.of(
                (commit ? "Committed " : "Rolled back ") + id
                        + ". Its transaction manager is told so when it asks, until it forgets the branch",
                0);
    }

    Outcome forget(Call call) throws Problem {
        call.checkServer();
        BranchId id = id(call.name());
        Answers.await(link.order(admin -> admin.changes().forget(id)));
        return Outcome.of("Forgot " + id, 0);
    }

    /** Reads what {@link BranchId#toString} writes. */
    private static BranchId id(String text) throws Problem {
        String[] parts = text.split(":", -1);
        try {
            if (parts.length == 3) {
                HexFormat hex = HexFormat.of();
                return new BranchId(Integer.parseInt(parts[0]), hex.parseHex(parts[1]), hex.parseHex(parts[2]));
            }
        } catch (IllegalArgumentException wrong) {
            throw new Problem(400, "'" + text + "' is not a transaction: " + wrong.getMessage());
        }
        throw new Problem(
                400, "'" + text + "' is not a transaction; one is FORMAT:GLOBAL:BRANCH, in hexadecimal digits");
    }
}
