import RopewalkFormats

extension CheckpointFiles {
    package var tensorNames: [String] { files.flatMap(\.tensors.keys).sorted() }
}
