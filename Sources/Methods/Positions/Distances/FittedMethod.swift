/// A method whose published numbers are of one model: for another they follow from its trained window.
package protocol FittedMethod: Method {
    /// The parameters, by name, with which no distance within the reach of the method is one that a model trained on so many
    /// tokens never saw; all others have their defaults.
    static func fitted(trainedOn window: Int) -> [String: Int]
}

extension FittedMethod {
    /// In the order of the parameters.
    package static func values(trainedOn window: Int) -> [Double] {
        let fitted = fitted(trainedOn: window)
        return description.parameters.map { parameter in
            fitted[parameter.name].map { min(max(Double($0), parameter.range.lowerBound), parameter.range.upperBound) }
                ?? parameter.defaultValue
        }
    }
}

extension DistanceLimit: FittedMethod {
    /// The largest distance of the training is one less than its tokens.
    package static func fitted(trainedOn window: Int) -> [String: Int] { ["window": window - 1] }
}

extension LeakyReRoPE: FittedMethod {
    /// Half of the window is left for the tokens beyond it, each a fraction of one.
    package static func fitted(trainedOn window: Int) -> [String: Int] { ["window": window / 2] }
}

extension SelfExtend: FittedMethod {
    /// A quarter of the window, as 1,024 of Llama-2's 4,096 tokens.
    package static func fitted(trainedOn window: Int) -> [String: Int] { ["window": window / 4] }
}

extension CachePositions: FittedMethod {
    /// First and last keys together are as many as the model was trained on.
    package static func fitted(trainedOn window: Int) -> [String: Int] { ["sink": 4, "window": window - 4] }
}
