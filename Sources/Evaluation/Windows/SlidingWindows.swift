/// The windows in which a text longer than a model's window is read: each begins a stride behind the one before it, and only
/// what none has read before is scored. So every token is scored once, but for the first one of the text, which nothing
/// predicts. A stride of 1 gives each all the context that a window has, one of the window's size none across borders: then
/// nothing predicts the first token of any window.
package struct SlidingWindows: Equatable, Sendable {
    package struct Window: Equatable, Sendable {
        /// Tokens of the text that are read.
        package let tokens: Range<Int>
        /// Of them the last ones, which are new.
        package let scored: Int

        /// The tokens that are scored and that another one predicts.
        package var predicted: Range<Int> {
            let first = tokens.upperBound - scored
            return max(first, tokens.lowerBound + 1)..<max(tokens.upperBound, first)
        }
    }

    package let windows: [Window]

    /// - Parameters:
    ///   - tokens: of the text
    ///   - size: tokens of a window, at least 2
    ///   - stride: tokens from one window's beginning to the next one's, 1 to `size`
    package init(tokens: Int, size: Int, stride: Int) {
        let (size, stride) = (max(2, size), max(1, min(stride, max(2, size))))
        var windows: [Window] = []
        var begin = 0
        var done = 0
        while done < tokens {
            let end = min(begin + size, tokens)
            windows.append(Window(tokens: begin..<end, scored: end - done))
            done = end
            begin += stride
        }
        self.windows = windows
    }

    /// Tokens that are read, all windows together.
    package var work: Int { windows.reduce(0) { $0 + $1.tokens.count } }

    /// Tokens of the text that get a loss.
    package var predictions: Int { windows.reduce(0) { $0 + $1.predicted.count } }
}
