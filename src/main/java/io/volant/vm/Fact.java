package io.volant.vm;

import io.volant.model.Stamp;

/** Something that was decided to have happened; it becomes an event when it gets its stamp. */
@FunctionalInterface
interface Fact {

  VmEvent stamped(Stamp stamp);
}
