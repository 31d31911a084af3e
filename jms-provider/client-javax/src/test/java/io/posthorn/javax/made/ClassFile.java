package io.posthorn.javax.made;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The constant pool of a compiled class: every class, field and method that its code may reach by name (JVM specification 4.4). */
final class ClassFile {
    private static final int MAGIC = 0xCAFEBABE;
    private static final int UTF8 = 1;
    private static final int CLASS = 7;
    private static final int FIELD = 9;
    private static final int METHOD = 10;
    private static final int INTERFACE_METHOD = 11;
    private static final int NAME_AND_TYPE = 12;

    /** A field or method of another class, or its own, as the code names it. */
    record Member(String owner, String name, String descriptor) {

        boolean isField() {
            return !descriptor.startsWith("(");
        }

        boolean isConstructor() {
            return name.equals("<init>");
        }

        @Override
        public String toString() {
            return owner + "." + name + " " + descriptor;
        }
    }

    private record Pair(int first, int second) {}

    private final Object[] constants;
    private final int[] tags;

    ClassFile(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        if (in.readInt() != MAGIC) {
            throw new IOException("not a class file");
        }
        in.readInt();
        int count = in.readUnsignedShort();
        constants = new Object[count];
        tags = new int[count];
        int index = 1;
        while (index < count) {
            tags[index] = in.readUnsignedByte();
            constants[index] = constant(in, tags[index]);
            boolean twoPlaces = tags[index] == 5 || tags[index] == 6;
            index += twoPlaces ? 2 : 1;
        }
    }

    private static Object constant(DataInputStream in, int tag) throws IOException {
        return switch (tag) {
            case UTF8 -> in.readUTF();
            case 3, 4 -> in.readInt();
            case 5, 6 -> in.readLong();
            case CLASS, 8, 16, 19, 20 -> in.readUnsignedShort();
            case FIELD, METHOD, INTERFACE_METHOD, NAME_AND_TYPE, 17, 18 ->
                new Pair(in.readUnsignedShort(), in.readUnsignedShort());
            case 15 -> new Pair(in.readUnsignedByte(), in.readUnsignedShort());
            default -> throw new IOException("constant of unknown kind " + tag);
        };
    }

    /** All texts: names, types, signatures and the strings of the code. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int index = 1; index < tags.length; index++) {
            if (tags[index] == UTF8) {
                texts.add(text(index));
            }
        }
        return texts;
    }

    /** Names of the classes, with dots; arrays left out. */
    List<String> classes() {
        List<String> names = new ArrayList<>();
        for (int index = 1; index < tags.length; index++) {
            if (tags[index] == CLASS && !className(index).startsWith("[")) {
                names.add(className(index));
            }
        }
        return names;
    }

    /** Fields and methods, except those of arrays. */
    List<Member> members() {
        List<Member> members = new ArrayList<>();
        for (int index = 1; index < tags.length; index++) {
            if (tags[index] == FIELD || tags[index] == METHOD || tags[index] == INTERFACE_METHOD) {
                Pair reference = (Pair) constants[index];
                Pair nameAndType = (Pair) constants[reference.second];
                Member member =
                        new Member(className(reference.first), text(nameAndType.first), text(nameAndType.second));
                if (!member.owner.startsWith("[")) {
                    members.add(member);
                }
            }
        }
        return members;
    }

    private String className(int index) {
        return text((Integer) constants[index]).replace('/', '.');
    }

    private String text(int index) {
        return (String) constants[index];
    }
}
