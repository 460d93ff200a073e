internal import ArgumentParser

@main
struct LymphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "lymph", abstract: "Finds, describes and calls services.")
}
