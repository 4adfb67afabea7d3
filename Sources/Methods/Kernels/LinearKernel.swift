/// Linear attention: elu + 1 of queries and keys in place of the softmax.
package struct LinearKernel: KernelMethod, Equatable {
    package static let description = MethodDescription(
        name: "linear", family: .kernel, title: "Linear attention",
        summary:
            "Weights are products of elu(q) + 1 and elu(k) + 1, without the model's scale: flatter than a softmax, and "
            + "strangers to a model that was trained with one. They factor, so that a decoder keeps d·(d + 1) numbers a head "
            + "however long the text.",
        source:
            "Katharopoulos et al., Transformers are RNNs, 2020 (arXiv 2006.16236); the 1e−6 that its code adds to sums is left "
            + "out",
        flops: "4·N·d² a head as a recurrence", memory: "d·(d + 1) numbers a head, of no token")

    package init() {}
    package init(values: [Double]) {}
    package var values: [Double] { [] }

    package var form: KernelForm { .linear }
    package func directions(layer: Int, dimension: Int) -> [[Double]] { [] }
}
