import CRopewalkKernels

/// How many processors a run may use, and the loop that shares work among them.
package struct Workers: Sendable, Equatable {
    package let count: Int

    /// `count` workers; as many as the machine has active processors for 0.
    package init(count: Int = 0) {
        self.count = count > 0 ? min(count, Int(CK_MAX_WORKERS)) : ProcessorCount.active
    }

    /// Calls `body` with 0..<tasks, each once, on up to `count` processors; returns when all are done.
    ///
    /// Tasks are taken one by one, so that uneven ones keep every processor busy. The closures write to disjoint parts
    /// of memory that the caller keeps alive; it is this module's business to see to it.
    func forEach(_ tasks: Int, _ body: (Int) -> Void) {
        guard count > 1, tasks > 1 else {
            for task in 0..<tasks { body(task) }
            return
        }
        typealias Body = (Int) -> Void
        withoutActuallyEscaping(body) { body in
            withUnsafePointer(to: body) { pointer in
                ck_parallel(
                    count, tasks, { $0?.assumingMemoryBound(to: Body.self).pointee($1) },
                    UnsafeMutableRawPointer(mutating: pointer))
            }
        }
    }

    /// Calls `body` with 0..<tasks, each once; calls write to disjoint parts of what they share.
    package func forEachTask(_ tasks: Int, _ body: (Int) -> Void) { forEach(tasks, body) }

    /// The results of `body` for 0..<tasks, in order, computed on up to `count` processors.
    package func map<Result>(_ tasks: Int, _ body: (Int) -> Result) -> [Result] {
        [Result](unsafeUninitializedCapacity: tasks) { buffer, initialized in
            if let base = buffer.baseAddress { forEach(tasks) { (base + $0).initialize(to: body($0)) } }
            initialized = tasks
        }
    }

    /// Splits `rows` rows among the workers and calls `body` with each part, of `smallest` rows or more where there are
    /// as many.
    ///
    /// What a matrix product gives for a row depends on the row's place in the blocks that the kernels take at a time,
    /// and products of few rows take other kernels; it must not depend on the number of workers. So parts begin where
    /// blocks do.
    func forEachSlab(of rows: Int, smallest: Int = 48, _ body: (Range<Int>) -> Void) {
        let slabs = min(count, max(1, rows / max(smallest, 2 * Self.block)))
        // The multiple of a block that is next to an even share.
        func start(_ slab: Int) -> Int { (rows * slab / slabs + Self.block / 2) / Self.block * Self.block }
        forEach(slabs) { slab in body(start(slab)..<(slab + 1 < slabs ? start(slab + 1) : rows)) }
    }

    /// Rows. OpenBLAS's kernels for AVX2 take 12, those for SSE3 4 and those for AVX-512 any number (measured with 0.3.21).
    private static let block = 12
}
