import RopewalkPhrases

/// Why nothing can be computed; `description` is the one line that a user reads.
public enum KernelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The library behind matrix products, with what the system says.
    case library(String)
    /// The process may not have the memory that the library works in.
    case memory

    /// One line: what the system says, and what to install.
    public var description: String {
        switch self {
        case .library(let problem):
            say("OpenBLAS cannot be loaded (\(problem)): install it, on Debian the package libopenblas0-pthread")
        case .memory:
            say(
                """
                OpenBLAS takes some 40 MB, and 128 MB for products to work in, and the process may not have as \
                much (ulimit -v): raise the limit
                """)
        }
    }
}
