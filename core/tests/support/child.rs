//! Children of a test program, for the tests about forks.

#![allow(unsafe_code, reason = "fork is a C interface")]

/// Runs a function in a child and returns whether it ended well and in time: a child that takes
/// longer than these seconds is ended by its alarm.
pub fn ends_well_in_child(seconds: libc::c_uint, run: impl FnOnce()) -> bool {
    // SAFETY: the child of a process with threads calls only tokmint and what takes no lock or has
    // fork handlers, as the allocator does; that is what these tests are about.
    let child = unsafe { libc::fork() };
    assert!(child >= 0);
    if child == 0 {
        // SAFETY: sets a timer whose signal ends the child.
        unsafe { libc::alarm(seconds) };
        run();
        // SAFETY: ends the child without running anything of the parent's.
        unsafe { libc::_exit(0) };
    }
    let mut status = 0;
    // SAFETY: waits for the child made above, and writes to a live integer.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0
}
