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

    /// Splits `rows` rows among the workers and calls `body` with each part.
    ///
    /// Parts begin at multiples of 32 and have no fewer rows where there are as many: matrix products compute a few rows
    /// with other kernels, and a row's result must not depend on the number of workers.
    func forEachSlab(of rows: Int, _ body: (Range<Int>) -> Void) {
        let blocks = rows / 32
        let slabs = min(count, max(1, blocks))
        forEach(slabs) { slab in
            body(blocks * slab / slabs * 32..<(slab + 1 < slabs ? blocks * (slab + 1) / slabs * 32 : rows))
        }
    }
}
