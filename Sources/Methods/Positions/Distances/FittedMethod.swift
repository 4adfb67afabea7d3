/// A method whose published numbers are of one model: for another they follow from its trained window.
package protocol FittedMethod: Method {
    /// Values with which no distance within the reach of the method is one that a model trained on so many tokens never saw;
    /// in the order of the parameters.
    static func values(trainedOn window: Int) -> [Double]
}

extension DistanceLimit: FittedMethod {
    /// The largest distance of the training is one less than its tokens.
    package static func values(trainedOn window: Int) -> [Double] { [Double(max(1, window - 1))] }
}

extension LeakyReRoPE: FittedMethod {
    /// Half of the window is left for the tokens beyond it, each a sixteenth.
    package static func values(trainedOn window: Int) -> [Double] { [Double(max(1, window / 2)), 16] }
}

extension SelfExtend: FittedMethod {
    /// A quarter of the window, as 1,024 of Llama-2's 4,096 tokens.
    package static func values(trainedOn window: Int) -> [Double] { [8, Double(max(1, window / 4))] }
}

extension CachePositions: FittedMethod {
    /// First and last keys together are as many as the model was trained on.
    package static func values(trainedOn window: Int) -> [Double] { [4, Double(max(1, window - 4))] }
}
