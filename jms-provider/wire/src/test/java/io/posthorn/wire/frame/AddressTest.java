package io.posthorn.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address.Kind;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whose a temporary destination is, by its name. */
class AddressTest {

    private static final UUID OWNER = UUID.fromString("0c6b3d2e-8f1a-4b5c-9d7e-1234567890ab");

    @Test
    void shouldNameTheOwnerOfATemporaryDestination() {
        Address queue = Address.temporary(Kind.TEMPORARY_QUEUE, OWNER, 7);

        assertThat(queue.name()).isEqualTo("temporary-0c6b3d2e-8f1a-4b5c-9d7e-1234567890ab-7");
        assertThat(queue.temporaryOwner()).isEqualTo(OWNER);
        assertThat(Address.temporary(Kind.TEMPORARY_TOPIC, OWNER, 1).temporaryOwner())
                .isEqualTo(OWNER);
    }

    @Test
    void shouldFindNoOwnerInOtherNames() {
        String name = Address.temporary(Kind.TEMPORARY_QUEUE, OWNER, 7).name();

        assertThat(Address.queue(name).temporaryOwner()).isNull();
        assertThat(new Address(Kind.TEMPORARY_QUEUE, "c-1").temporaryOwner()).isNull();
        assertThat(new Address(Kind.TEMPORARY_QUEUE, "temporary-").temporaryOwner())
                .isNull();
        assertThat(new Address(Kind.TEMPORARY_QUEUE, name.replace('b', 'x')).temporaryOwner())
                .isNull();
        assertThat(new Address(Kind.TEMPORARY_QUEUE, name.substring(0, name.length() - 2)).temporaryOwner())
                .isNull();
        assertThat(new Address(Kind.TEMPORARY_QUEUE, "temporary-1-2-3-4-5-aaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1")
                        .temporaryOwner())
                .isNull();
    }
}
