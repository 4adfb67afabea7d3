import CRopewalkPCRE2

/// A compiled regular expression over UTF-8, with bounds on the work of one match.
final class Pattern: Sendable {
    /// Bounds on backtracking, which no published tokenizer comes near: a hostile pattern fails instead of hanging.
    private static let matchLimit: UInt32 = 5_000_000
    private static let heapLimitKiB: UInt32 = 64 << 10

    let text: String
    /// The compiled code. A number, because PCRE2 promises what a pointer's type cannot say: that threads may share it.
    private let address: UInt

    /// - Parameters:
    ///   - text: in the Oniguruma dialect.
    ///   - file: names the tokenizer in errors.
    init(_ text: String, file: String) throws(TokenizerError) {
        let translated: String
        do {
            translated = try OnigurumaPattern.translated(text)
        } catch {
            throw .pattern(file: file, pattern: text, place: error.place, problem: error.problem)
        }
        var code: Int32 = 0
        var place = 0
        let options = PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C
        var pattern = Array(translated.utf8)
        let compiled = pattern.withUnsafeMutableBufferPointer {
            pcre2_compile_8($0.baseAddress, $0.count, options, &code, &place, nil)
        }
        guard let compiled else {
            throw .pattern(file: file, pattern: text, place: place, problem: Self.message(code))
        }
        // Where this fails, matching works without it.
        _ = pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE)
        self.text = text
        address = UInt(bitPattern: compiled)
    }

    deinit { pcre2_code_free_8(OpaquePointer(bitPattern: address)) }

    /// Finds a pattern's matches; holds what PCRE2 works with, so that many short subjects cost no allocations.
    struct Matcher: ~Copyable {
        private let pattern: Pattern
        private let data: OpaquePointer?
        private let context: OpaquePointer?
        private let stack: OpaquePointer?

        init(_ pattern: Pattern) {
            self.pattern = pattern
            data = pcre2_match_data_create_8(1, nil)
            context = pcre2_match_context_create_8(nil)
            stack = pcre2_jit_stack_create_8(32 << 10, 4 << 20, nil)
            pcre2_set_match_limit_8(context, Pattern.matchLimit)
            pcre2_set_heap_limit_8(context, Pattern.heapLimitKiB)
            pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
        }

        deinit {
            pcre2_match_data_free_8(data)
            pcre2_match_context_free_8(context)
            pcre2_jit_stack_free_8(stack)
        }

        /// Calls `body` with every match in `subject`, from left to right, as ranges of its bytes.
        ///
        /// - Parameters:
        ///   - subject: valid UTF-8.
        ///   - origin: where `subject` begins in the text, for errors.
        ///   - isCancelled: asked every few thousand matches.
        borrowing func forEachMatch(
            in subject: UnsafeRawBufferPointer, origin: Int, isCancelled: () -> Bool, _ body: (Range<Int>) -> Void
        ) throws(TokenizerError) {
            guard let start = subject.baseAddress?.assumingMemoryBound(to: UInt8.self),
                let ends = pcre2_get_ovector_pointer_8(data)
            else { return }
            let code = OpaquePointer(bitPattern: pattern.address)
            var at = 0
            var lastEnd = -1
            var count = 0
            while at <= subject.count {
                let result = pcre2_match_8(code, start, subject.count, at, PCRE2_NO_UTF_CHECK, data, context)
                if result == PCRE2_ERROR_NOMATCH { return }
                guard result >= 0 else {
                    throw .matching(pattern: pattern.text, byte: origin + at, problem: Pattern.message(result))
                }
                let match = ends[0]..<max(ends[0], ends[1])
                // An empty match at the end of the last one is none.
                if !(match.isEmpty && match.lowerBound == lastEnd) { body(match) }
                lastEnd = match.upperBound
                at = match.isEmpty ? Pattern.next(subject, match.upperBound) : match.upperBound
                count += 1
                if count & 0xFFF == 0, isCancelled() { throw .cancelled }
            }
        }
    }

    /// Whether a script bears that name.
    static func isScript(_ name: String) -> Bool {
        var code: Int32 = 0
        var place = 0
        var pattern = Array("\\p{sc:\(name)}".utf8)
        let compiled = pattern.withUnsafeMutableBufferPointer {
            pcre2_compile_8($0.baseAddress, $0.count, PCRE2_UTF | PCRE2_UCP, &code, &place, nil)
        }
        guard let compiled else { return false }
        pcre2_code_free_8(compiled)
        return true
    }

    private static func next(_ subject: UnsafeRawBufferPointer, _ at: Int) -> Int {
        var next = at + 1
        while next < subject.count, UTF8Text.isContinuation(subject[next]) { next += 1 }
        return next
    }

    private static func message(_ code: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(code, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
    }
}
