import Foundation

/// The descriptors 0, 1 and 2, which a program is started with, or without.
enum StandardDescriptors {
    /// Takes those that are closed.
    ///
    /// The next files to be opened would have their numbers: a text on standard input was read from the terminal, and an
    /// error written into a model. What reads standard input or writes standard output is still told that it cannot; what
    /// goes to standard error goes nowhere.
    static func keepTaken() {
        for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDWR)]
        where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest that is free: this one.
            _ = open("/dev/null", mode)
        }
    }
}
