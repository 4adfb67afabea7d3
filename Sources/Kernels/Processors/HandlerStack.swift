import CRopewalkKernels

/// Memory for signal handlers on a thread that others started: without it an overflow of its stack ends the process with
/// no word, and the terminal is not given back.
package enum HandlerStack {
    package static func run(_ body: () -> Void) {
        typealias Body = () -> Void
        withoutActuallyEscaping(body) { body in
            withUnsafePointer(to: body) { pointer in
                ck_with_handler_stack(
                    { $0?.assumingMemoryBound(to: Body.self).pointee() }, UnsafeMutableRawPointer(mutating: pointer))
            }
        }
    }
}
