package io.posthorn.tck.both;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;

/** A class of the application, the same for both clients. */
record Parcel(String name, List<Integer> parts, BigDecimal price) implements Serializable {}
