/// Keys that lead through one question, for the help screen.
enum Tour {
    static let title = "Why does it break past its window?"

    /// Keys of one step, and what is seen then.
    static let steps: [(keys: String, help: String)] = [
        ("p", "Loss: plain RoPE rises past the mark"),
        (":3 Enter Enter", "token 3 becomes the anchor"),
        (":600 Enter", "Rotation: ! marks angles never seen"),
        ("R", "the first such subspace in all methods"),
        ("R", "the same over all distances"),
        ("m", "choose one; Distance shows what it changes"),
        (". ,", "change its factor: preview, then exact"),
    ]
}
